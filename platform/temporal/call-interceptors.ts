import { InterceptingCall, type Interceptor, status } from '@grpc/grpc-js';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

/**
 * What calls of a connection go through: the SDK's retries, and behind them a guard. A retry that comes due after its connection
 * was closed throws within a timer, where nobody can catch it; here it ends the call as cancelled instead.
 */
export function callInterceptors(): Interceptor[] {
  return [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), callOrEnd];
}

const callOrEnd: Interceptor = (options, nextCall) => {
  try {
    return new InterceptingCall(nextCall(options));
  } catch (error) {
    return endedCall(error instanceof Error ? error.message : String(error));
  }
};

/** A call that never goes out. */
function endedCall(details: string): InterceptingCall {
  const nothing = () => undefined;
  return new InterceptingCall({
    start: (metadata, listener) => {
      queueMicrotask(() => {
        listener?.onReceiveMessage?.(null);
        listener?.onReceiveStatus?.({ code: status.CANCELLED, details, metadata });
      });
    },
    sendMessage: nothing,
    sendMessageWithContext: nothing,
    startRead: nothing,
    halfClose: nothing,
    cancelWithStatus: nothing,
    getPeer: () => '',
    getAuthContext: () => null,
  });
}
