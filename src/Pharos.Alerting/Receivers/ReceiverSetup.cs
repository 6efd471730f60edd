using Microsoft.Extensions.Logging;
using Pharos.Alerting.Templates;

namespace Pharos.Alerting.Receivers;

/// <summary>What an integration works with besides its options.</summary>
/// <param name="Client">Its own, made for its <c>http_config</c>, without a timeout.</param>
public sealed record ReceiverSetup(HttpClient Client, NotificationTemplates Templates, TimeProvider Time, ILogger Logger)
{
    /// <summary>Whether the message is only made: what does not go through <see cref="Client"/> must not be sent.</summary>
    internal bool IsRehearsal { get; init; }
}
