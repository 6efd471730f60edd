using Pharos.Alerting.Rules;
using Pharos.Server.Configuration.Rules;

namespace Pharos.Server.Checks.Rules;

/// <summary>Reads rule files for tools.</summary>
public static class RuleCheck
{
    /// <param name="interval">Of groups that name none.</param>
    /// <exception cref="FormatException">A file cannot be read or is wrong; the message names every place.</exception>
    public static IReadOnlyList<RuleGroupOptions> Groups(IEnumerable<string> files, TimeSpan interval)
    {
        var groups = new List<RuleGroupOptions>();
        var wrong = new List<string>();
        foreach (var file in files)
        {
            var result = RuleFile.Read(file, new RuleDefaults(interval, TimeSpan.Zero, LegacyNames: false));
            groups.AddRange(result.Groups);
            if (result.Report.Unreadable is { } reason)
            {
                wrong.Add($"{file}: {reason}");
            }
            wrong.AddRange(result.Report.Problems.Where(static problem => problem.Severity == Configuration.ConfigSeverity.Error)
                .Select(static problem => problem.ToString()));
        }
        return wrong.Count == 0 ? groups : throw new FormatException(string.Join('\n', wrong));
    }
}
