using Microsoft.Extensions.Logging;

namespace Pharos.Instrumentation.Tracing;

internal static partial class AgentLog
{
    [LoggerMessage(EventId = 1, EventName = "exception", Level = LogLevel.Error, Message = "agent operation {Operation} of {AgentType} failed")]
    public static partial void OperationFailed(ILogger log, Exception exception, string operation, string agentType);
}
