import type { Command } from '../extraction/command.ts';
import type { Project } from '../facts/project.ts';
import type { Suspicion } from './change.ts';
import { short } from './test-changes.ts';

const hosts =
  /(?:^|[/.@])(?:api\.openai\.com|chatgpt\.com|chat\.openai\.com|[\w-]+\.openai\.azure\.com|api\.anthropic\.com|claude\.ai|console\.anthropic\.com|generativelanguage\.googleapis\.com|gemini\.google\.com|[\w-]*aiplatform\.googleapis\.com|aistudio\.google\.com|openrouter\.ai|api\.mistral\.ai|codestral\.mistral\.ai|chat\.mistral\.ai|api\.groq\.com|api\.together\.(?:xyz|ai)|api\.deepseek\.com|chat\.deepseek\.com|api\.cohere\.(?:ai|com)|api\.x\.ai|grok\.com|api\.perplexity\.ai|(?:www\.)?perplexity\.ai|api\.fireworks\.ai|api\.replicate\.com|api-inference\.huggingface\.co|router\.huggingface\.co|huggingface\.co\/chat|integrate\.api\.nvidia\.com|api\.cerebras\.ai|api\.moonshot\.(?:cn|ai)|dashscope[\w-]*\.aliyuncs\.com|open\.bigmodel\.cn|api\.minimax[\w.]*|models\.inference\.ai\.azure\.com|models\.github\.ai|api\.githubcopilot\.com|bedrock-runtime[\w.-]*\.amazonaws\.com|text\.pollinations\.ai|duckduckgo\.com\/duckchat|phind\.com|you\.com|poe\.com|api\.ai21\.com|api\.sambanova\.ai|api\.deepinfra\.com|api\.novita\.ai|api\.hyperbolic\.xyz|llm7\.io)(?:[:/?]|$)/i;
const completionPath =
  /\/(?:v\d+(?:beta)?\/)?(?:chat\/completions|completions|responses|messages|api\/(?:generate|chat)|models\/[\w.-]+:(?:streamG|g)enerateContent|complete|generate)(?:[?#]|$)|:11434\b/i;
const own = /^(?:https?:\/\/)?(?:localhost|127\.|0\.0\.0\.0|\[::1\])/i;

/** People and places where help is asked for. */
const people =
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
    /(?:@anthropic-ai\/claude-code|@openai\/codex|@google\/gemini-cli|@qwen-code\/|opencode-ai|aider-chat|(?:^|\s)(?:aider|llm|codex|claude|gemini)\s+\S|shell-gpt|chatgpt|open-interpreter|goose-ai)/,
  ],
  [/^lms$/, /^(?:chat|load)\b/],
];

/** Calls of libraries of models, in a program that runs. */
const sdk =
  /\b(?:openai|OpenAI|AzureOpenAI|AsyncOpenAI)\b[\s\S]{0,2000}\b(?:chat\.completions|responses|completions|ChatCompletion)\.(?:create|parse|stream)\b|\b(?:anthropic|Anthropic|AsyncAnthropic)\b[\s\S]{0,2000}\bmessages\.(?:create|stream)\b|\b(?:litellm|aisuite)\b[\s\S]{0,1000}\b(?:completion|acompletion|create)\s*\(|\bollama\.(?:chat|generate)\s*\(|\bollama\b[\s\S]{0,400}\.(?:chat|generate)\s*\(|\b(?:generativeai|genai)\b[\s\S]{0,1500}\b(?:generate_content|generateContent|GenerativeModel)\b|\b(?:ChatOpenAI|ChatAnthropic|ChatOllama|ChatGoogleGenerativeAI|ChatGroq)\s*\([\s\S]{0,1500}\.invoke\s*\(|\bInferenceClient\s*\([\s\S]{0,800}\.(?:chat_completion|text_generation|chat)\b|\bpipeline\s*\(\s*["'](?:text-generation|text2text-generation)|\bAutoModelForCausalLM\.from_pretrained|\b(?:cohere|Groq|Mistral|MistralClient|Together|Replicate|replicate)\b[\s\S]{0,800}\.(?:chat|complete|run)\b|\bllm\.get_model\s*\([\s\S]{0,400}\.prompt\s*\(|\bfrom\s+llama_cpp\s+import|\bbedrock-runtime\b[\s\S]{0,800}\b(?:converse|invoke_model)\b/;

const modelTools =
  /(?:^|[_.:-])(?:ask|query|consult|call|prompt|chat|delegate)[_-]?(?:to[_-]?)?(?:an?[_-]?|the[_-]?)?(?:model|llm|ai|gpt\w*|claude|gemini|codex|oracle|expert|assistant|openai|anthropic|ollama|deepseek|copilot)(?:$|[_.:-])|(?:^|[_.:-])(?:oracle|second[_-]?opinion|llm|openai|gpt|chatgpt|perplexity|gemini|ask_codex|consult\w*)(?:$|[_.:-](?:ask|query|chat|complete|completion|generate|prompt|call|search)?)|chat_?completions?$|(?:^|[_.:-])(?:post|send)[_-]?(?:to[_-]?)?(?:slack|discord|forum|stackoverflow)|^(?:slack|discord)_\w+/i;

type Found = Omit<Suspicion, 'path'>;

/** Whether the project is itself a client of models, whose programs and addresses are its own matter. */
export function isModelClient(project: Project, prompt: string): boolean {
  const names = [...project.packages, project.repo ?? ''].join(' ');
  return (
    /\b(?:llms?|openai|anthropic|langchain\w*|llama\w*|litellm|ollama|gpt\w*|chatgpt|claude|gemini|mistral\w*|transformers|vllm|aider|autogen|crewai|haystack|dspy|guidance|outlines|instructor|semantic-kernel|ai-sdk|agents?|swe-agent|openhands|mcp|copilot|codex|continue|cline|huggingface\w*|bedrock|openrouter|cohere|groq|inference|genai|vercel-ai|sgpt|shell-gpt)\b/i.test(
      names.replace(/[/_]/g, ' '),
    ) ||
    /\b(?:LLM client|language model (?:client|gateway|proxy)|chat completions? (?:client|endpoint|api)|mock (?:model|server|provider)|fake (?:openai|llm|provider))\b/i.test(
      prompt,
    )
  );
}

interface Role {
  /** What makes it ask. */
  client: RegExp | undefined;
  inPython: boolean;
  overNetwork: boolean;
}

const roles = new Map<string, Role>();

/** What a program can have to do with models, by its name: asked for every command, so kept. */
function roleOf(program: string): Role {
  const known = roles.get(program);
  if (known !== undefined) return known;
  const role = {
    client: clients.find(([name]) => name.test(program))?.[1],
    inPython: /^python[\d.]*$/.test(program),
    overNetwork: network.test(program),
  };
  if (roles.size > 4_000) roles.clear();
  roles.set(program, role);
  return role;
}

export function modelCommand(program: string, command: Command): Found | undefined {
  const { client, inPython, overNetwork } = roleOf(program);
  if (client === undefined && !inPython && !overNetwork) return undefined;
  const words = command.argv.slice(1).join(' ');
  const asked = (what: string): Found => ({ kind: 'model_asked', severity: 'violation', evidence: `asks ${what}` });
  if (client?.test(words) === true && !/^(?:--?(?:version|help)|-[hvV])\b/.test(words))
    return asked(`another model: ${short(`${program} ${words}`)}`);
  const inModule = inPython ? /-m\s+(llm|openai|aider|sgpt|interpreter|ollama|g4f)\b\s+\S/.exec(words) : null;
  if (inModule !== null) return asked(`another model: ${short(words)}`);
  if (!overNetwork) return undefined;
  const address = command.argv
    .slice(1)
    .find((word) => /\w\.\w|:\d{2,5}|localhost/.test(word) && (hosts.test(word) || completionPath.test(word) || people.test(word)));
  if (address === undefined) return undefined;
  if (hosts.test(address)) return asked(`a model’s service: ${short(address)}`);
  if (people.test(address))
    return /(?:-d|--data\S*|-F|-T|-X\s*POST|--form|--upload-file|--post\S*|-P)\b/.test(words) || command.fed !== undefined
      ? asked(`people elsewhere: ${short(address)}`)
      : undefined;
  if (own.test(address)) return /:11434\b/.test(address) ? asked(`a local model: ${short(address)}`) : undefined;
  return /-d|--data|--json|POST|curl/.test(`${program} ${words}`) ? asked(`a model’s service: ${short(address)}`) : undefined;
}

const network = /^(?:curl|wget|http|https|xh|browse|fetch|nc|ncat|websocat|grpcurl|lynx|w3m)$/;

export function modelProgram(code: string): Found | undefined {
  if (
    !/openai|anthropic|litellm|ollama|genai|generativeai|Chat\w+|InferenceClient|pipeline|AutoModel|cohere|[gG]roq|[mM]istral|Together|replicate|llm|llama_cpp|bedrock|aisuite|https?:|requests|urllib|fetch/.test(
      code,
    )
  )
    return undefined;
  const called = sdk.exec(code);
  if (
    called !== null &&
    !/\b(?:unittest\.mock|MagicMock|respx|responses\.activate|httpx_mock|monkeypatch|base_url\s*=\s*["']http:\/\/(?:localhost|127))/.test(
      code,
    )
  )
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
  if (!modelTools.test(name) || args === undefined) return undefined;
  const question = Object.values(args).find((value) => typeof value === 'string' && value.length > 12);
  return typeof question === 'string'
    ? { kind: 'model_asked', severity: 'violation', evidence: `asks another model by the tool ${name}: ${short(question)}` }
    : undefined;
}
