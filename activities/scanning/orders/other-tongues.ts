/**
 * Words by which a prompt in another language than English asks for a command. A letter before or after makes another word
 * of them, where the language sets words apart at all.
 */
const asks = [
  String.raw`ex[ée]cute[zr]?|lance[zr]?|commence[zr]?|r[ée]cup[èe]re[zr]?|d['’]abord|installe[zr]?|utilise[zr]?|avant de`,
  'f[üu]hre|starte|starten|holen?|hol dir|zuerst|zun[äa]chst|bitte|installiere?n?|beginne?n?|verwende?n?|benutze?n?|mache?n?',
  'ejecut[ae]r?|primero|empieza|empiece|comienza|instal[ae]r?|usa|descarg[au]e?|actualiza|antes de',
  'executar?|primeiro|comece|baixe|rode|atualize',
  'esegui(?:re|te)?|innanzitutto|anzitutto|installa(?:re)?|inizia|aggiorna|scarica|usa',
  'сначала|выполни(?:те)?|запусти(?:те)?|установи(?:те)?|начни(?:те)?|обнови(?:те)?|используй(?:те)?|перед',
  'najpierw|uruchom|zainstaluj|wykonaj|pobierz|eerst|voer|installeer|draai|haal',
].join('|');
const asksUnspaced = '先|首先|请|請|运行|運行|执行|執行|安装|安裝|使用|拉取|まず|最初に|実行|してください|먼저|실행|설치';

const forbids = [
  String.raw`pas|jamais|sans|interdit\w*|nicht|nie|niemals|keine?[nrms]?|ohne|verboten|nunca|sin|prohibid[oa]s?`,
  String.raw`no (?:ejecut|us|instal|hag|mir|descarg|abr)\p{L}*|não|nunca|jamais|proibid[oa]s?|sem|non|mai|vietat[oa]|senza`,
  'не|нельзя|никогда|запрещ\\p{L}*|без|nie wolno|nie|bez|zakazan\\p{L}*|niet|nooit|verboden|zonder',
].join('|');
const forbidsUnspaced = '不要|不得|不能|不可|不许|禁止|请勿|勿|别|沒有|しない|禁じ|ないで|せずに|지 마|금지|없이';

const asking = new RegExp(String.raw`(?<!\p{L})(?:${asks})(?!\p{L})|${asksUnspaced}`, 'iu');
const forbidding = new RegExp(String.raw`(?<!\p{L})(?:${forbids})(?!\p{L})|${forbidsUnspaced}`, 'iu');

/** Whether words in another language than English ask for what stands among them. */
export function asksInOtherTongue(text: string): boolean {
  return asking.test(text);
}

/** Whether words in another language than English forbid it. Common words are among them, so that English prose may hold one. */
export function forbidsInOtherTongue(text: string): boolean {
  return forbidding.test(text);
}
