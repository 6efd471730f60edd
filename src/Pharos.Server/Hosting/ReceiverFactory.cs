using Microsoft.Extensions.Logging;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers;
using Pharos.Alerting.Routing;
using Pharos.Alerting.Templates;
using Pharos.Query.Templates;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;
using Pharos.Server.Outbound;

namespace Pharos.Server.Hosting;

/// <summary>Turns the receivers of alertmanager.yml into notifiers with their HTTP clients and templates.</summary>
internal sealed class ReceiverFactory(TimeProvider time, ILogger logger)
{
    /// <summary>To one receiver: a slow one must not make the groups wait for each other. How many begin at once is bounded elsewhere.</summary>
    private const int MaxConnections = 1024;

    /// <exception cref="TemplateException">A template file is no template; the message names it.</exception>
    /// <exception cref="IOException">A template file cannot be read.</exception>
    public AlertmanagerOptions Create(AlertmanagerConfig config)
    {
        var templates = NotificationTemplates.FromFiles(config.Templates.SelectMany(FileGlob.Expand));
        return new AlertmanagerOptions
        {
            Route = config.Route,
            Receivers = [.. config.Receivers.Select(receiver => Create(receiver, templates))],
            InhibitRules = config.InhibitRules,
            TimeIntervals = config.TimeIntervals,
            ResolveTimeout = config.ResolveTimeout,
        };
    }

    private ReceiverOptions Create(ReceiverConfig receiver, NotificationTemplates templates) => new()
    {
        Name = receiver.Name,
        Labels = receiver.Labels,
        Integrations = [.. receiver.Integrations.Select(entry => entry.Create(new ReceiverSetup(Client(entry.Http), templates, time, logger)))],
    };

    /// <summary>Lives as long as its notifier: a flush under way may outlast a reload, so nobody disposes it early.</summary>
    private HttpClient Client(HttpClientConfig config) => OutboundHttpClient.Create(config, time, MaxConnections);
}
