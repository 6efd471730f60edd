namespace Pharos.Server.Configuration.Web;

/// <summary>What reading a web configuration file gave.</summary>
/// <param name="Config">Null where the file holds an error.</param>
internal sealed record WebConfigReadResult(WebConfig? Config, ConfigFileReport Report)
{
    /// <summary>Each error with file, line and key.</summary>
    public IEnumerable<string> Errors => Report.Unreadable is { } reason ? [$"{Report.File}: {reason}"]
        : Report.Problems.Where(problem => problem.Severity == ConfigSeverity.Error).Select(problem => problem.ToString());
}
