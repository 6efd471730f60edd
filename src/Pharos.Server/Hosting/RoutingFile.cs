using Pharos.Alerting.Routing;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;

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
        return (null, result.Report.Unreadable is { } reason ? [$"{path}: {reason}"]
            : [.. result.Report.Problems.Where(problem => problem.Severity is ConfigSeverity.Error).Select(problem => problem.ToString())]);
    }
}
