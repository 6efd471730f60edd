using Pharos.Alerting.Routing;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Hosting;

/// <summary>Reads only the routing tree of alertmanager.yml, for a look at it without a server.</summary>
public static class RoutingFile
{
    /// <returns>The tree, or null with what is wrong: file, line and reason.</returns>
    public static (RoutingTree? Tree, IReadOnlyList<string> Errors) Read(string path)
    {
        var result = AlertmanagerFile.Read(path);
        if (result.Config is { } config)
        {
            return (new RoutingTree(config.Route), []);
        }
        return (null, result.Report.Unreadable is { } reason ? [$"{path}: {reason}"] : Errors(result.Report.Problems));
    }

    /// <summary>As <see cref="Read"/>, of what a server shows of its file: of the receivers it takes the names alone, for
    /// their secrets are not shown.</summary>
    public static (RoutingTree? Tree, IReadOnlyList<string> Errors) ReadShown(string name, string text)
    {
        var reading = new ConfigReading(name, text) { IgnoresUnknownKeys = true };
        if (YamlTreeBuilder.Build(reading) is { } root && YamlValue.Root(reading, root).AsMapping() is { } file)
        {
            var receivers = file.List("receivers").Select(static item => item.AsMapping()?.Text("name") ?? "").ToHashSet(StringComparer.Ordinal);
            var intervals = TimeIntervalSection.ReadAll(file).Select(static interval => interval.Name).ToHashSet(StringComparer.Ordinal);
            if (file.Mapping("route") is { } route && new RouteSection(receivers, intervals).ReadRoot(route) is var options && !reading.HasErrors)
            {
                return (new RoutingTree(options), []);
            }
        }
        return (null, reading.HasErrors ? Errors(reading.Problems) : [$"{name}: no route provided in config"]);
    }

    private static IReadOnlyList<string> Errors(IEnumerable<ConfigProblem> problems) =>
        [.. problems.Where(static problem => problem.Severity is ConfigSeverity.Error).Select(static problem => problem.ToString())];
}
