import { describe, expect, it } from 'vitest';
import { commandLine, type Launch } from '../../activities/evaluation/serving/engine.ts';
import { servingEngines } from '../../activities/evaluation/serving/engines.ts';

const launch: Launch = {
  checkpoint: '/models/student',
  model: 'student',
  base: 'coder',
  modes: ['think', 'no_think'],
  context_tokens: 262_144,
  template: '/jobs/serve/template.jinja',
  host: '127.0.0.1',
  port: 20_001,
  needs: servingEngines.vllm.needs,
};

describe('the command line of a server', () => {
  it('has the parsers and the template of the base, on one server for both modes', () => {
    expect(commandLine(servingEngines.vllm, launch, { flags: {} }).join(' ')).toBe(
      'vllm serve /models/student --served-model-name student --host 127.0.0.1 --port 20001 --max-model-len 262144 ' +
        '--chat-template /jobs/serve/template.jinja --enable-auto-tool-choice --tool-call-parser qwen3_coder --reasoning-parser qwen3 ' +
        '--tensor-parallel-size 2',
    );
  });

  it('reads reasoning that is always there in the way of the Thinking model, and none where no mode has it', () => {
    const thinking = { ...launch, base: 'thinking', modes: ['think'] } as const;
    expect(servingEngines.vllm.flags(thinking)).toMatchObject({ 'reasoning-parser': 'deepseek_r1', 'tool-call-parser': 'hermes' });
    expect(servingEngines.sglang.flags(thinking)).toMatchObject({ 'reasoning-parser': 'qwen3-thinking', 'tool-call-parser': 'qwen25' });
    expect(Object.keys(servingEngines.vllm.flags({ ...launch, modes: ['no_think'] }))).not.toContain('reasoning-parser');
  });

  it('takes flags of the file beyond and instead of its own, and leaves out what the file switches off', () => {
    const flags = { 'max-num-seqs': 8, 'tool-call-parser': 'qwen3_xml', 'reasoning-parser': false, 'enable-prefix-caching': true };
    const line = commandLine(servingEngines.vllm, launch, { program: '/opt/vllm/bin/vllm', flags }).join(' ');
    expect(line).toMatch(/^\/opt\/vllm\/bin\/vllm serve \/models\/student .*--tool-call-parser qwen3_xml/);
    expect(line).toMatch(/--max-num-seqs 8 --enable-prefix-caching$/);
    expect(line).not.toContain('reasoning-parser');
  });

  it('says of the engine for proofs that it is for nothing else', () => {
    expect(servingEngines['vllm-cpu'].caution).toContain('not for production');
    expect(commandLine(servingEngines['vllm-cpu'], launch, { flags: {} })).toEqual(
      expect.arrayContaining(['--dtype', 'float32', '--enforce-eager']),
    );
  });
});
