using Pharos.Alerting.Receivers;
using Pharos.Alerting.Templates;
using Pharos.Query.Templates;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;

namespace Pharos.Server.Checks;

/// <summary>Reads <c>alertmanager.yml</c> and then renders every text of every receiver with alerts made up for it, so that a
/// template that fails shows before an alert needs it.</summary>
internal static class ReceiverCheck
{
    public static ConfigFileReport Read(string path)
    {
        var (config, report) = AlertmanagerFile.Read(path);
        if (config is null)
        {
            return report;
        }
        try
        {
            var files = config.Templates.Select(pattern => (Pattern: pattern, Files: FileGlob.Expand(pattern))).ToList();
            var templates = NotificationTemplates.FromFiles(files.SelectMany(static found => found.Files));
            var absent = files.Where(static found => found.Files.Count == 0).Select(static found => found.Pattern).ToList();
            return With(report, config.Receivers.SelectMany(receiver => receiver.Integrations.SelectMany(entry =>
                Rehearse(receiver.Name, entry, templates, absent).Select(problem => problem with { File = path }))));
        }
        catch (Exception problem) when (problem is TemplateException or IOException or UnauthorizedAccessException)
        {
            return With(report, [new ConfigProblem(ConfigSeverity.Error, path, 0, 0, "templates", problem.Message)]);
        }
    }

    private static ConfigFileReport With(ConfigFileReport report, IEnumerable<ConfigProblem> more) =>
        report with { Problems = [.. report.Problems, .. more] };

    private static IEnumerable<ConfigProblem> Rehearse(
        string receiver, IntegrationConfig entry, NotificationTemplates templates, List<string> absent)
    {
        // Nothing is waited for: what answers is in this process.
        var problems = Rehearsal.RunAsync(receiver, entry.Create, templates, CancellationToken.None).GetAwaiter().GetResult();
        foreach (var problem in problems)
        {
            if (problem.Field.Length == 0)
            {
                yield return Problem(entry, ConfigSeverity.Warning, entry.Path, $"no message could be made to try it: {problem.Message}");
            }
            else if (absent.Count > 0)
            {
                // The file that defines it may only be where the server runs.
                yield return Problem(entry, ConfigSeverity.Warning, $"{entry.Path}.{problem.Field}",
                    $"{problem.Message}; {string.Join(", ", absent)} named no file");
            }
            else
            {
                yield return Problem(entry, ConfigSeverity.Error, $"{entry.Path}.{problem.Field}", problem.Message);
            }
        }
    }

    private static ConfigProblem Problem(IntegrationConfig entry, ConfigSeverity severity, string path, string message) =>
        new(severity, "", entry.Line, entry.Column, path, message);
}
