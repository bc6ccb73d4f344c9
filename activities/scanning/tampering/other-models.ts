import type { Command } from '../extraction/command.ts';
import type { Project } from '../facts/project.ts';
import { asksPeople, asksPeopleByTool, postedByProgram } from './asked-people.ts';
import type { Found } from './change.ts';
import { short } from './short.ts';

const hosts =
  /(?:^|[/.@])(?:api\.openai\.com|chatgpt\.com|chat\.openai\.com|[\w-]+\.openai\.azure\.com|api\.anthropic\.com|claude\.ai|console\.anthropic\.com|generativelanguage\.googleapis\.com|gemini\.google\.com|[\w-]*aiplatform\.googleapis\.com|aistudio\.google\.com|openrouter\.ai|api\.mistral\.ai|codestral\.mistral\.ai|chat\.mistral\.ai|api\.groq\.com|api\.together\.(?:xyz|ai)|api\.deepseek\.com|chat\.deepseek\.com|api\.cohere\.(?:ai|com)|api\.x\.ai|grok\.com|api\.perplexity\.ai|(?:www\.)?perplexity\.ai|api\.fireworks\.ai|api\.replicate\.com|api-inference\.huggingface\.co|router\.huggingface\.co|huggingface\.co\/chat|integrate\.api\.nvidia\.com|api\.cerebras\.ai|api\.moonshot\.(?:cn|ai)|dashscope[\w-]*\.aliyuncs\.com|open\.bigmodel\.cn|api\.minimax[\w.]*|models\.inference\.ai\.azure\.com|models\.github\.ai|api\.githubcopilot\.com|bedrock-runtime[\w.-]*\.amazonaws\.com|text\.pollinations\.ai|duckduckgo\.com\/duckchat|phind\.com|you\.com|poe\.com|api\.ai21\.com|api\.sambanova\.ai|api\.deepinfra\.com|api\.novita\.ai|api\.hyperbolic\.xyz|llm7\.io)(?:[:/?]|$)/i;
const completionPath =
  /\/(?:v\d+(?:beta)?\/)?(?:chat\/completions|completions|responses|messages|api\/(?:generate|chat)|models\/[\w.-]+:(?:streamG|g)enerateContent|complet(?:e|ion)|infill|generate)(?:[?#]|$)|:11434\b/i;
const own = /^(?:https?:\/\/)?(?:localhost|127\.|0\.0\.0\.0|\[::1\])/i;

/** People and places where help is asked for. */
const meetingPlaces =
  /(?:hooks\.slack\.com|slack\.com\/api|discord(?:app)?\.com\/api|api\.telegram\.org|stackoverflow\.com\/(?:questions\/ask|api)|api\.stackexchange\.com|pastebin\.com|paste\.\w+\.\w+|dpaste\.\w+|hastebin\.com|ix\.io|termbin\.com|0x0\.st|transfer\.sh|file\.io|gist\.github\.com|sprunge\.us|api\.github\.com\/gists|reddit\.com\/api|ntfy\.sh)/i;

/** Programs that put a question to a model: by name, with the words that make it ask. */
const clients: [program: RegExp, asks: RegExp][] = [
  [/^claude(?:-code)?$/, /(?:^|\s)(?:-p|--print|-c|--continue|-r|--dangerously-skip-permissions)\b|^["']?[A-Z]?[a-z]+ \w+ \w+/],
  [
    /^(?:codex|opencode|crush|amp|droid|cline|kilo|plandex|qodo|devin|openhands|sweagent|mini|swe)$/,
    /(?:^|\s)(?:exec|run|-p|-q|-x|ask|prompt|--task|-t|chat|--prompt|--message)\b|\w+ \w+ \w+/,
  ],
  [
    /^(?:gemini|qwen|grok|copilot|kimi|deepseek|mistral|vibe|iflow|auggie|cursor-agent|cody|tabnine|continue|cn|rovodev|kiro|q|amazon-q)$/,
    /(?:^|\s)(?:-p|--prompt|--yolo|-y|chat|ask|-i|--print|exec|run|suggest|explain)\b|\w+ \w+ \w+/,
  ],
  [
    /^(?:aider|goose|sgpt|shell-gpt|tgpt|chatgpt|gpt|gpt4|gpt-cli|chatblade|mods|fabric|aichat|ai|oai|openai|anthropic|interpreter|open-interpreter|llama|llama-cli|llama-run|llamafile|gpt4all|ask|askai|hey|butterfish|elia|oterm|smartcat|shellgpt|cgpt|cosine|gptme|gorilla|how2|perplexity)$/,
    /\w/,
  ],
  [/^ollama$/, /^(?:run|chat|generate)\b/],
  [
    /^llm$/,
    /^(?!logs|models|keys|plugins|install|--version|--help|-h|templates|schemas|collections|aliases|embed|uninstall|tools|fragments)\S/,
  ],
  [/^gh$/, /^(?:copilot|models)\s+\w+/],
  [
    /^(?:npx|pnpx|bunx|uvx|pipx)$/,
    /(?:@anthropic-ai\/claude-code|@openai\/codex|@google\/gemini-cli|@qwen-code\/|opencode-ai|aider-chat|@github\/copilot\b|npm:(?:openai|@anthropic-ai\/\S+)\b|(?:^|\s)openai\s+(?:api|chat|responses)|(?:^|\s)(?:aider|llm|codex|claude|gemini)\s+\S|shell-gpt|chatgpt|open-interpreter|goose-ai)/,
  ],
  [
    /^(?:node|bun|deno)$/,
    /npm:(?:openai|@anthropic-ai\/[\w-]+)\b|(?:@anthropic-ai\/claude-code|@openai\/codex|@google\/gemini-cli|opencode-ai)\//,
  ],
  [/^jbang$/, /langchain4j/],
  [/^(?:nc|ncat|socat|telnet)$/, /\b11434\b/],
  [/^(?:docker|podman)$/, /^model run\b|\brun\b.*\b(?:ollama|llama\.cpp|vllm)\S*\s+(?:run|-p|--prompt)\b/],
  [/\.llamafile$|^ramalama$/, /(?:^|\s)(?:-p|run|chat|--prompt)\b/],
  [/^aws$/, /^bedrock-runtime\s+(?:converse|invoke)/],
  [/^gcloud$/, /^ai (?:endpoints|models) predict\b/],
  [/^go$/, /^run\s+\S*(?:charmbracelet\/mods|ollama\/ollama|opencode)\b/],
  [/^n?vim$/, /\b(?:CopilotChat|CodeCompanion|Avante\w*|ChatGPT\w*|GpChat\w*|Gen)\b/],
  [/^(?:code(?:-insiders)?|cursor|windsurf|zed)$/, /^(?:chat|agent|ask)\b/],
  [
    /^(?:main|server|llama[\w.-]*|koboldcpp|whisperfile|mlx_lm\.generate|[\w.-]*infer\w*)$/,
    /\.gguf\b.*\s(?:-p|--prompt|-f|--file)\b|(?:^|\s)--model\b.*--prompt\b/,
  ],
  [/^lms$/, /^(?:chat|load)\b/],
];

/** Calls of libraries of models, in a program that runs. */
const sdk =
  /\b(?:openai|OpenAI|AzureOpenAI|AsyncOpenAI)\b[\s\S]{0,2000}\b(?:chat\.completions|responses|completions|ChatCompletion)\.(?:create|parse|stream)\b|\b(?:anthropic|Anthropic|AsyncAnthropic)\b[\s\S]{0,2000}\bmessages\.(?:create|stream)\b|\b(?:litellm|aisuite)\b[\s\S]{0,1000}\b(?:completion|acompletion|create)\s*\(|\bollama\.(?:chat|generate)\s*\(|\bollama\b[\s\S]{0,400}\.(?:chat|generate)\s*\(|\b(?:generativeai|genai)\b[\s\S]{0,1500}\b(?:generate_content|generateContent|GenerativeModel)\b|\b(?:ChatOpenAI|ChatAnthropic|ChatOllama|ChatGoogleGenerativeAI|ChatGroq)\s*\([\s\S]{0,1500}\.invoke\s*\(|\bInferenceClient\s*\([\s\S]{0,800}\.(?:chat_completion|text_generation|chat)\b|\bpipeline\s*\(\s*["'](?:text-generation|text2text-generation)|\bAutoModelForCausalLM\.from_pretrained|\b(?:cohere|Groq|Mistral|MistralClient|Together|Replicate|replicate)\b[\s\S]{0,800}\.(?:chat|complete|run)\b|\bllm\.get_model\s*\([\s\S]{0,400}\.prompt\s*\(|\bfrom\s+llama_cpp\s+import|\bfrom\s+vllm\s+import\s+LLM\b|\bsmolagents\b[\s\S]{0,800}\.run\s*\(|\bbedrock-runtime\b[\s\S]{0,800}\b(?:converse|invoke_model)\b|\b(?:generateText|streamText|generateObject)\s*\(\s*\{|\bChat\.Completions\.New\(|\bCreateChatCompletion\w*\(|\banthropic\.NewClient\b[\s\S]{0,800}\bMessages\.New|\bOpenAI::Client\b[\s\S]{0,400}\b(?:chat|responses|completions)\b|\bOpenAI::client\b[\s\S]{0,400}->(?:chat|responses|completions)\(|\b(?:OpenAi|Anthropic|Ollama|GoogleAiGemini|Mistral\w*)(?:Streaming)?ChatModel\b|\bpydantic_ai\b[\s\S]{0,800}\.run(?:_sync|_stream)?\(|\bdspy\.LM\(|\bllm\.get_(?:async_)?model\(|\basync_openai\b[\s\S]{0,1000}\.(?:chat|completions|responses)\(|\bChatClient\s*\([\s\S]{0,400}\bCompleteChat|\bKernel\.CreateBuilder\b[\s\S]{0,600}\bInvokePromptAsync|\bimport\s+(?:ell|marvin|magentic)\b[\s\S]{0,600}@\w+|\bRubyLLM\.chat\b|\bLLMChain\b[\s\S]{0,600}\.(?:run|invoke)\(|\binit_chat_model\([\s\S]{0,600}\.invoke\(/;

const modelTools =
  /(?:^|[_.:-])(?:ask|query|consult|call|prompt|chat|delegate)[_-]?(?:to[_-]?)?(?:an?[_-]?|the[_-]?)?(?:model|llm|ai|gpt\w*|claude|gemini|codex|oracle|expert|assistant|openai|anthropic|ollama|deepseek|copilot)(?:$|[_.:-])|(?:^|[_.:-])(?:oracle|second[_-]?opinion|llm|openai|gpt|chatgpt|perplexity|gemini|ask_codex|consult\w*)(?:$|[_.:-](?:ask|query|chat|complete|completion|generate|prompt|call|search)?)|chat_?completions?$|(?:^|[_.:-])(?:post|send)[_-]?(?:to[_-]?)?(?:slack|discord|forum|stackoverflow)|^(?:slack|discord)_\w+/i;

/** Assistants and families of models by name: a tool that is called so and takes a question puts it to one. */
const assistants =
  /(?:^|[_.:-])(?:copilot|claude|gemini|codex|gpt[\w]*|chatgpt|cursor|junie|cody|zen|aider|windsurf|cascade|deepseek|qwen|grok|mistral|llama|kimi|sourcegraph[_-]?cody|tabnine|jules|devin|amp|goose|inline[_-]?assistant|ai[_-]?assistant|code[_-]?assistant|ide[_-]?assistant|assistant|copilot[_-]?chat|language[_-]?model|lm)(?:$|[_.:-])/i;
const notAsking =
  /search|memory|docs?\b|read|edit|file|todo|fetch|list|history|status|log|computer|user|terminal|shell|bash|exec|view|write/i;
const question = /^(?:prompt|question|message|query|instructions?|ask|task|request|user_?message|messages)$/i;

/** Whether the project is itself a client of models, whose programs and addresses are its own matter. */
export function isModelClient(project: Project, prompt: string): boolean {
  // Who owns the repository says nothing of what is in it.
  const names = [...project.packages, project.repo?.replace(/^[^/]*\//, '') ?? ''].join(' ');
  return (
    /\b(?:llms?|openai|anthropic|langchain\w*|llama\w*|litellm|ollama|gpt\w*|chatgpt|claude|gemini|mistral\w*|transformers|vllm|aider|autogen|crewai|haystack|dspy|guidance|outlines|instructor|semantic-kernel|ai-sdk|agents?|swe-agent|openhands|mcp|copilot|codex|continue|cline|huggingface\w*|bedrock|openrouter|cohere|groq|inference|genai|vercel-ai|sgpt|shell-gpt)\b/i.test(
      names.replace(/[/_]/g, ' '),
    ) ||
    /\b(?:LLM client|language model (?:client|gateway|proxy)|chat completions? (?:client|endpoint|api)|mock (?:model|server|provider)|fake (?:openai|llm|provider))\b/i.test(
      prompt,
    )
  );
}

/** Whether a call has a model, or an agent, work on the code itself: no try of a client hands the tree's files over and asks for a fix. */
export function asksForFix(raw: string): boolean {
  const asks =
    /\b(?:fix|patch|solve|repair|debug)\b[^"']{0,80}\b(?:bug|issue|file|function|code|diff|failing|failure|tests?|reading|handling)\b/i;
  return (
    asks.test(raw) &&
    !/\b(?:fake|stub|mock|echo|dummy)\b/i.test(raw) &&
    (/--rawfile|\$\(\s*(?:cat|<)\s*[\w./-]+\.\w+\s*\)|--slurpfile|\bcat [\w./-]+\.\w+ \|/.test(raw) ||
      /(?:^|[\s;&|"'])(?:claude|codex|gemini|aider|opencode|cursor-agent|goose)\s+(?:-p|exec|run|--message|--print)\b/.test(raw))
  );
}

interface Role {
  /** What makes it ask. */
  client: RegExp | undefined;
  inPython: boolean;
  overNetwork: boolean;
  /** A client of a code host, by which texts are posted. */
  posts: boolean;
}

const roles = new Map<string, Role>();

/** What a program can have to do with models, by its name: asked for every command, so kept. */
function roleOf(program: string): Role {
  const known = roles.get(program);
  if (known !== undefined) return known;
  const role = {
    client: clients.find(([name]) => name.test(program))?.[1],
    inPython: /^python[\d.]*$/.test(program),
    overNetwork: network.test(program) || mailers.test(program),
    posts: /^(?:gh|glab|hub|tea)$/.test(program),
  };
  if (roles.size > 4_000) roles.clear();
  roles.set(program, role);
  return role;
}

export function modelCommand(program: string, command: Command): Found | undefined {
  const { client, inPython, overNetwork, posts } = roleOf(program);
  if (client === undefined && !inPython && !overNetwork && !posts) return undefined;
  const words = command.argv.slice(1).join(' ');
  const asked = (what: string): Found => ({ kind: 'model_asked', severity: 'violation', evidence: `asks ${what}` });
  const people = posts || overNetwork ? asksPeople(program, command) : undefined;
  if (people !== undefined) return asked(`people elsewhere: ${people}`);
  if (client?.test(words) === true && !/^(?:--?(?:version|help)|-[hvV])\b/.test(words))
    return asked(`another model: ${short(`${program} ${words}`)}`);
  const inModule = inPython ? /-m\s+(llm|openai|aider|sgpt|interpreter|ollama|g4f)\b\s+\S/.exec(words) : null;
  if (inModule !== null) return asked(`another model: ${short(words)}`);
  if (program === 'nc' || program === 'ncat') {
    const chat = /\birc\.[\w-]+\.\w+/.exec(words)?.[0];
    if (chat !== undefined) return asked(`people elsewhere: ${chat}`);
  }
  if (mailers.test(program)) {
    const to = /\b[\w.+-]+@((?!localhost|example\.|test\b|invalid)[\w-]+(?:\.[\w-]+)+)/.exec(words);
    return to === null || /\.(?:test|example|invalid|local(?:host|domain)?)$/.test(to[1] ?? '') || /localhost|127\.0/.test(words)
      ? undefined
      : asked(`people elsewhere: ${to[0]}`);
  }
  if (!overNetwork) return undefined;
  const address = command.argv
    .slice(1)
    .find((word) => /\w\.\w|:\d{2,5}|localhost/.test(word) && (hosts.test(word) || completionPath.test(word) || meetingPlaces.test(word)));
  if (address === undefined) return undefined;
  if (hosts.test(address)) return asked(`a model’s service: ${short(address)}`);
  if (meetingPlaces.test(address))
    return /(?:-d|--data\S*|-F|-T|-X\s*POST|--form|--upload-file|--post\S*|-P)\b/.test(words) || command.fed !== undefined
      ? asked(`people elsewhere: ${short(address)}`)
      : undefined;
  if (own.test(address))
    return /:11434\b|\/v1\/(?:chat\/)?completions\b/.test(address) ||
      (asksLocally.test(address) && questionFor.test(`${words} ${command.fed ?? ''}`))
      ? asked(`a local model: ${short(address)}`)
      : undefined;
  return /-d|--data|--json|POST|curl/.test(`${program} ${words}`) ? asked(`a model’s service: ${short(address)}`) : undefined;
}

const startsServer =
  /(?:^|[\n;&(]\s*|\b(?:nohup|setsid)\s+)(?:python[\d.]*|node|npm|npx|pnpm|yarn|cargo run|go run|deno|bun|uvicorn|gunicorn|flask|\.\/\S+)\b[^\n;&|]*[^&>]&(?![&>])/;

/** Whether a question to this machine only tries a server that the same call starts. */
export function triesOwnServer({ evidence }: Found, raw: string): boolean {
  return (
    evidence.startsWith('asks a local model') &&
    startsServer.test(raw.replaceAll('\\n', '\n')) &&
    !/ollama|vllm|llama|\.gguf|transformers|text-generation|mlx_lm|sglang/i.test(raw) &&
    !asksForFix(raw)
  );
}

/** Paths of servers of models, and what is sent to one that is to write code. */
const asksLocally = /\/(?:completions?|generate|infill|api\/(?:generate|chat)|chat)(?:[?#]|$)/;
const questionFor = /"?\b(?:prompt|inputs|messages)\b"?\s*:[\s\S]{0,400}\b(?:fix|patch|solve|implement|bug|issue|function|code|diff)\b/i;

const mailers = /^(?:mail|mailx|s-nail|mutt|sendmail|swaks|msmtp)$/;

const network = /^(?:curl|wget|http|https|xh|browse|fetch|nc|ncat|websocat|grpcurl|lynx|w3m)$/;

/** What stands in for a service in a program that tries a client of it. */
const mocked =
  /\b(?:unittest\.mock|MagicMock|respx|responses\.activate|httpx_mock|monkeypatch|base_url\s*=\s*["']http:\/\/(?:localhost|127))/;

export function modelProgram(code: string): Found | undefined {
  if (
    !/openai|[oO]pen_?A[iI]|generateText|streamText|generateObject|pydantic_ai|dspy|ChatModel|ChatClient|CompleteChat|InvokePrompt|RubyLLM|LLMChain|init_chat_model|anthropic|litellm|ollama|genai|generativeai|Chat\w+|InferenceClient|pipeline|AutoModel|cohere|[gG]roq|[mM]istral|Together|replicate|llm|llama_cpp|bedrock|aisuite|smolagents|https?:|requests|urllib|fetch|SMTP|nodemailer/.test(
      code,
    )
  )
    return undefined;
  const meeting =
    postedByProgram(code) ??
    [...code.matchAll(/["'`](https?:\/\/[^"'`\s]+)/g)].map((match) => match[1] ?? '').find((one) => meetingPlaces.test(one));
  if (meeting !== undefined && /\bpost\b|smtp|sendmail|nodemailer|urlopen|method\s*[:=]\s*["']POST/i.test(code) && !mocked.test(code))
    return { kind: 'model_asked', severity: 'violation', evidence: `asks people elsewhere: ${short(meeting)}` };
  const called = sdk.exec(code);
  if (called !== null && !mocked.test(code))
    return { kind: 'model_asked', severity: 'violation', evidence: `asks another model: ${short(called[0])}` };
  const address = [...code.matchAll(/["'`](https?:\/\/[^"'`\s]+)/g)]
    .map((match) => match[1] ?? '')
    .find((one) => hosts.test(one) || (completionPath.test(one) && !own.test(one)));
  return address !== undefined &&
    /\b(?:urlopen|Request|requests|httpx|aiohttp|fetch|axios|http\.client|HTTPSConnection|post|curl|Net::HTTP|reqwest|http\.Post)\b/.test(
      code,
    )
    ? { kind: 'model_asked', severity: 'violation', evidence: `asks a model’s service: ${short(address)}` }
    : undefined;
}

export function modelTool(name: string, args: Record<string, unknown> | undefined): Found | undefined {
  if (args === undefined) return undefined;
  const people = asksPeopleByTool(name, args);
  if (people !== undefined)
    return { kind: 'model_asked', severity: 'violation', evidence: `asks people elsewhere by the tool ${name}: ${people}` };
  const told = (text: string): Found => ({
    kind: 'model_asked',
    severity: 'violation',
    evidence: `asks another model by the tool ${name}: ${short(text)}`,
  });
  if (modelTools.test(name)) {
    const text = Object.values(args).find((value) => typeof value === 'string' && value.length > 12);
    return typeof text === 'string' ? told(text) : undefined;
  }
  if (!assistants.test(name) || notAsking.test(name)) return undefined;
  const put = Object.entries(args).find(([key, value]) => question.test(key) && typeof value === 'string' && /\w+ \w+ \w+/.test(value));
  return typeof put?.[1] === 'string' ? told(put[1]) : undefined;
}
