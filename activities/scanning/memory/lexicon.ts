import { nameTable } from '../../../schemas/name-table.ts';

/**
 * Words that speak of what a claim is made of, by what they mean there: who solves a project's bugs, what a solution is called, how
 * it is published, when, and how one comes to know it. Several languages; stems end with `*`.
 */
const senses: Record<string, string> = nameTable({
  makers: `maintainer* upstream* dev devs developer* authors author author's contributor* committer* reviewer* team team's core-team owners
    mantenedor* mainteneur* entwickler* autoren betreuer desarrollador* equipo équipe sviluppator* manutentor* desenvolvedor* equipe разработчик* мейнтейнер* автор* команд*
    opiekun* twórc* autorzy maintainerzy maintainern maintainerów kehittäj* ylläpitäj* geliştirici* beheerder* utvecklar* 메인테이너* 개발자* 上游* 官方* 作者* メンテナ* 開発者* 本家*`,
  publish: `land landed lands landing ship shipped ships shipping merge merged merges release released releases publish published publishes backport* cherry-pick* upstreamed
    rolled out-of-band arrived arrives arrive introduced introduces introduce gained gains gain brought brings adopted adopts adopt settled settles shipped debuted surfaced
    gemergt gelandet veröffentlicht* ausgeliefert* eingebaut* erschien* mergeado* fusionad* publicad* lanzad* fusionné* publié* livré* sorti* sortie* rilasciat* pubblicat* integrat* incorporad* lançad* integrado*
    влил* вышл* вышел смержил* смёрж* выпустил* опубликова* wydan* wypuści* scalon* zmergowa* wdroż* julkais* yayınla* uitgebracht* 合并* 合入* 发布* マージ* リリース* 머지* 릴리스* 배포*`,
  solve: `fix fixed fixes fixing patch patched patches repair repaired solve solved solves resolve resolved resolves address addressed addresses cure cured remedy remedied settle correct corrected
    rewrote rewritten reworked refactored replaced removed dropped renamed moved switched changed added extracted split swapped rewrote wrapped deprecated removed chose chosen picked opted went took closed closes
    behoben repariert gelöst lösten löste korrigiert* ersetzt* geändert* umgestellt* arregl* corrig* soluci* resolv* resuelt* cambi* sustituy* reemplaz* corrigé* résolu* remplac* ajouté* modifié* risolt* corrett* sostituit* cambiat* aggiunt* mudou trocou mudaram substitu*
    исправ* почин* замен* решил* переписал* добавил* убрал* naprawi* popraw* zamieni* zmieni* dodał* rozwiąz* korja* muut* düzelt* opgelost* vervangen* 修复* 修正* 改成* 改为* 直し* 直され* 변경* 고쳤* 고친* 수정*`,
  solution: `fix fix's patch pr prs commit commits diff solution resolution answer outcome changeset merge-request pull-request mr cl revision rewrite refactor follow-up followup remedy backport implementation
    lösung korrektur änderung arreglo corrección solución cambio correctif solution correction modification soluzione correzione modifica solução correção mudança фикс* патч* решени* коммит* исправлени* poprawk* łatk* łata rozwiązani* korjaus* çözüm* oplossing 补丁* 修复* 提交* パッチ* 修正* コミット* 패치* 커밋* 수정*`,
  real: `actual real official original eventual final accepted canonical definitive true genuine authoritative historical public landed merged upstream gold golden reference ground-truth definitive proper eventual
    offizielle* tatsächlich* endgültig* eigentlich* echte* finale* oficial* real verdader* definitiv* officiel* réel* véritable* définitif* ufficiale* definitiv* vero vera официальн* настоящ* итогов* окончательн* реальн* oficjaln* prawdziw* ostateczn* virallinen lopulli* resmi 正式* 官方* 実際* 公式* 正式な* 공식* 실제*`,
  later: `later latest newer newest subsequent subsequently afterwards afterward eventually eventual nowadays today today's next future since onwards onward current currently ended ultimately months weeks years modern recent
    später* spätere* seither inzwischen heute heutig* neuere* nächst* danach schließlich letztlich más posterior* después luego siguiente actual actualidad finalmente nuev* reciente* hoy
    plus ultérieur* suivant* actuel* désormais finalement récent* aujourd'hui depuis successiv* poi dopo seguente infine recent* oggi attual* depois posterior* seguinte hoje atual atuais novas
    позже потом позднее следующ* поздн* сейчас сегодня нынешн* нов* итоге późniejs* później potem następn* nowsz* obecn* dziś ostatecznie myöhem* lopulta nyky* sonra later nieuwere 后来* 之后* 以后* 新版* 后续* 现在* 最新* 最终* その後* 後の* 後に* 今の* 最新* 新しい* 結局* 이후* 나중* 최신* 다음*`,
  know: `recall recalls recalled recalling remember remembers remembered remembering memory memorised memorized memorise know knows knew known familiar seen saw read recollect recollection heart verbatim word-for-word mind mentally training knowledge cutoff déjà iirc afaik afair imprinted engraved
    reciting recite quote quoting paraphrase reproduce reproducing replicate replicating replay transcribe retype mirror mirrors mirroring copied copy port ported porting lifted borrowed identical matches same
    erinner* gedächtnis auswendig kenne kennt weiß recuerdo recordar memoria conozco sé copié souvien* souvenir mémoire connais sais rappelle ricordo memoria conosco so lembro memória conheço sei
    помню памят* знаю помнит* наизусть pamięta* pamięci znam wiem muist* tunnen hatırl* herinner* ken 记得* 记忆* 印象* 知道* 看过* 覚え* 記憶* 知って* 見た* 기억* 알고* 본*`,
  judge: `swe-bench swebench swe-gym swe-rebench benchmark benchmarks grader graders graded grading hidden f2p p2p fail_to_pass pass_to_pass fail-to-pass evaluation evaluator evaluated held-out instance dataset split leaderboard testbed verified harness scored scoring ground-truth gold
    versteckt* ocult* caché* nascost* скрыт* ukryt* 隐藏* 隠し* 숨은* 评测* 評価*`,
  notes: `changelog changelogs changes.rst changes.md news release-notes release notes whatsnew history.md history.rst announcement blog blogpost advisory ghsa cve docs documentation tracker mailing list discussion thread ticket issue jira
    versionshinweise notas notes-de-version note-di-rilascio заметк* changelogu 更新日志* 变更日志* 发布说明* リリースノート* 変更履歴* 릴리스노트*`,
  branch: `master main trunk head tip develop nightly stable branch branches tree repo repository repo's codebase version versions release releases line series edition generation 版本* バージョン* 版 버전* версии версия версию wersj* wersja versión versiones versão versões versione versioni`,
  deny: `not no never n't don't doesn't didn't won't can't cannot couldn't shouldn't wouldn't isn't wasn't aren't haven't hasn't nothing none neither nor without unknown unaware idea clue refuse refrain avoid skip instead faintest regardless
    nicht kein* nie ohne weder sin nunca tampoco ningún pas aucun* jamais sans rien non nessun* mai senza não nunca sem nenhum* не нет ни без nie bez ani nigdy żadn* en ei enkä değil yok niet geen 不* 没* 無* 未* ない* ません* 않* 없* 모르* 못*`,
  guess: `probably maybe perhaps might may could would should presumably likely possibly guess suppose assume suspect think believe seems if whether wonder prefer expect hypothetical
    vielleicht vermutlich wahrscheinlich wohl könnte würde falls ob quizás quizá tal seguramente podría peut-être probablement pourrait forse probabilmente potrebbe talvez provavelmente poderia возможно наверное вероятно если może chyba pewnie prawdopodobnie gdyby ehkä belki misschien 可能* 也许* 大概* 如果* 应该* 多分* たぶん* かも* でしょう* はず* 아마* 것 같*`,
  here: `here this our my mine i i've i'd i'll we we've checkout checked-out snapshot tree base current issue reporter reporter's prompt task given above below grep git log blame listed says said states stated quoted mentions per according readme
    hier unser* mein* aquí nuestr* mi ici notre nos mon qui nostr* mio aqui nosso* meu здесь наш* мой tutaj nasz* mój 这里* 我们* ここ* この* 여기* 우리*`,
});

/** The senses' names, in the order of their numbers. */
const senseNames = Object.keys(senses);

const exact = new Map<string, number[]>();
const stems = new Map<string, [stem: string, sense: number][]>();
for (const [sense, name] of senseNames.entries()) {
  for (const word of (senses[name] ?? '').split(/\s+/)) {
    if (word === '') continue;
    if (!word.endsWith('*')) exact.set(word, [...(exact.get(word) ?? []), sense]);
    else if (word.length > 1) stems.set(word.slice(0, 1), [...(stems.get(word.slice(0, 1)) ?? []), [word.slice(0, -1), sense]]);
  }
}

const none: readonly number[] = [];
const kept = new Map<string, readonly number[]>();

/** Numbers of the senses of a word in lower case, each once; none for most words. */
export function sensesOf(word: string): readonly number[] {
  const before = kept.get(word);
  if (before !== undefined) return before;
  const found = new Set(exact.get(word));
  for (const [stem, sense] of stems.get(word.slice(0, 1)) ?? []) if (word.startsWith(stem)) found.add(sense);
  const numbers = found.size === 0 ? none : [...found].toSorted((one, two) => one - two);
  if (kept.size < 50_000) kept.set(word, numbers);
  return numbers;
}
