import type { ToolCall } from './tool-call.ts';
import { plainName } from './tool-call.ts';

/** Tools that end, plan, think, remember, answer, wait, or steer the harness itself. */
const byName =
  /^(?:finish\w*|submit\w*|complete(?:_\w+)?|task_complete|done|end|stop|exit(?:_\w+)?|terminate\w*|give_up|think\w*|thought\w*|sequential_?thinking|reason\w*|reflect\w*|plan(?:ning)?(?:_\w+)?|(?:update|exit|enter|create|set|make)_plan\w*|todos?(?:_\w+)?|task_?tracker|task_?list|(?:create|update|add|write|read|list|get|set|manage)_(?:tasks?|todos?)(?:_\w+)?|messages?(?:_\w+)?|ask_(?:user|human|question|followup|follow_up)\w*|respond\w*|reply|answer|notify\w*|say|talk|summar\w*|condens\w*|compact\w*|wait(?:_\w+)?|sleep|pause|yield\w*|no_?op|null|(?:switch|enter|exit|set)_mode|attempt_completion|report_(?:progress|intent)|set_tab_title|title|feedback|request_(?:user_input|help|permission)\w*|kill_?(?:shell|bash|process|session|terminal)|(?:stop|close|reset|restart|clear|new|list|create|start)_(?:shell|bash|terminal|session|process|processes|kernel|sandbox|notebook|browser)s?(?:_session)?|restart|reset|undo(?:_edit)?|bash_?output|task_?output|(?:get|read|check|poll|view)_(?:terminal|command|process|shell|bash|job)_?(?:output|status|result|logs)|command_status|tool_?search\w*|(?:load_)?skill|list_tools|get_tools|list_mcp_\w+|current_time|get_(?:current_)?(?:time|date)|calculator|diagnostics|get_(?:diagnostics|errors|problems|changed_files)|read_lints|(?:take_)?screenshot|view_screenshot|scroll_(?:up|down)|next_page|previous_page|page_(?:up|down)|notes?|(?:add|save|write|store|create|take)_(?:note|memory|memories|observation|entity|entities|relation)s?|remember|(?:search|recall|read|get|list|delete|update)_(?:memory|memories|notes?|observations?)|memory(?:_\w+)?)$/;
const talkNames =
  /^(?:message|messages|thought|thoughts|thinking|text|content|summary|answer|answers|reply|response|reason|reasoning|rationale|explanation|description|plan|plans|steps?|todos?|todolist|tasks?|tasklist|items|goal|title|note|notes|question|questions|options|choices|status|state|result|results|outputs?|conclusion|comment|feedback|progress|merge|id|ids|taskid|command|taskcompleted|confidence|next|nextsteps?|thoughtnumber|totalthoughts|nextthoughtneeded|securityrisk|intent|name|names|key|priority|activeform|seconds|duration|timeout|time|ms|mode|success|isdone|done|final|finalanswer|patch|code)$/;
const saying =
  /^(?:message|thought|thoughts|thinking|summary|answer|reply|response|reason|reasoning|rationale|explanation|plan|todos?|todolist|question|questions|notes?|feedback|conclusion|finalanswer|progress|comment)$/;

/** Tools that do nothing to the machine and ask nobody for an answer, by their name. */
export function isQuietByName({ tool, args }: ToolCall): boolean {
  return (
    byName.test(tool) &&
    args.text('commandline', 'cmd', 'url', 'path', 'filepath', 'absolutepath', 'pattern', 'program', 'executable') === undefined
  );
}

/** Unknown tools whose arguments are only words to somebody. */
export function isQuietByShape({ args }: ToolCall): boolean {
  const names = Object.keys(args.given).map(plainName);
  return names.some((name) => saying.test(name)) && names.every((name) => talkNames.test(name));
}
