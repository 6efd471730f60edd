using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Marathon;

/// <summary>One group per app, one target per task and port.</summary>
internal sealed class MarathonTargetSource(MarathonDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = "__meta_marathon_";

    private readonly DiscoveryClient _client = new(options.Http);

    /// <summary>Each refresh goes on to the next server, so that one that is down costs one refresh.</summary>
    private int _next;

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        var server = options.Servers[_next++ % options.Servers.Count];
        using var answer = await _client.GetAsync($"{server}/v2/apps/?embed=apps.tasks", cancellation).ConfigureAwait(false);
        return [.. answer.RootElement.Items("apps").Select(Group)];
    }

    public void Dispose() => _client.Dispose();

    private static TargetGroup Group(JsonElement app)
    {
        var labels = new LabelSetBuilder()
            .Set($"{Prefix}app", app.Text("id"))
            .Set($"{Prefix}image", app.Get("container", "docker").Text("image"))
            .SetAll($"{Prefix}app_label_", app.Get("labels"));
        return new TargetGroup(app.Text("id"), [.. Targets(app)], labels.Build());
    }

    private static IEnumerable<LabelSet> Targets(JsonElement app)
    {
        // Attached to a network of its own, a container is reached at its own address and port, not at its host's.
        var ofContainer = app.Items("networks").FirstOrDefault().Text("mode") == "container";
        var (ports, prefix) = Ports(app, ofContainer);
        foreach (var task in app.Items("tasks"))
        {
            var taskPorts = task.Items("ports").Select(port => port.Number()).ToList();
            if (ports.Count == 0)
            {
                ports = [.. taskPorts.Select(port => new AppPort(port, default))];
            }
            var address = ofContainer && task.Items("ipAddresses").FirstOrDefault() is { ValueKind: JsonValueKind.Object } first
                ? first.Text("ipAddress") : task.Text("host");
            for (var i = 0; i < ports.Count; i++)
            {
                // Without a number of its own the port was chosen when the task was started.
                var port = ports[i].Number == 0 && taskPorts.Count == ports.Count ? taskPorts[i] : ports[i].Number;
                yield return new LabelSetBuilder()
                    .SetAddress(address, port)
                    .Set($"{Prefix}task", task.Text("id"))
                    .Set($"{Prefix}port_index", i.ToString(System.Globalization.CultureInfo.InvariantCulture))
                    .SetAll(prefix, ports[i].Labels)
                    .Build();
            }
        }
    }

    /// <summary>The ports as Marathon 1.5, its forerunners, or apps without a container write them.</summary>
    private static (List<AppPort> Ports, string Prefix) Ports(JsonElement app, bool ofContainer)
    {
        foreach (var mappings in (JsonElement[])[app.Get("container", "portMappings"), app.Get("container", "docker").Get("portMappings")])
        {
            var mapped = mappings.Items().Select(mapping => new AppPort(
                mapping.Get(ofContainer ? "containerPort" : "hostPort").Number(), mapping.Get("labels"))).ToList();
            if (mapped.Count > 0)
            {
                return (mapped, $"{Prefix}port_mapping_label_");
            }
        }
        var required = app.Get("requirePorts").IsTrue();
        return ([.. app.Items("portDefinitions").Select(definition => new AppPort(
            required ? definition.Get("port").Number() : 0, definition.Get("labels")))], $"{Prefix}port_definition_label_");
    }

    private readonly record struct AppPort(long Number, JsonElement Labels);
}
