using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Alerting.Receivers;
using Pharos.Alerting.Templates;

namespace Pharos.Alerting.Tests.Receivers;

internal static class Make
{
    public static ReceiverSetup Setup(HttpClient client, ILogger? logger = null, TimeProvider? time = null) =>
        new(client, NotificationTemplates.BuiltIn, time ?? TimeProvider.System, logger ?? NullLogger.Instance);
}
