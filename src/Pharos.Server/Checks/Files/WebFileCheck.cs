using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Web;
using Pharos.Server.Hosting;
using Pharos.Server.Security;

namespace Pharos.Server.Checks.Files;

/// <summary>What <c>promtool check web-config</c> does, with its output.</summary>
public static class WebFileCheck
{
    /// <returns>0 where all files can be used, otherwise 1.</returns>
    public static int Run(IEnumerable<string> paths, TextWriter errorOutput)
    {
        var exitCode = CheckExit.Success;
        foreach (var path in paths)
        {
            if (Fault(path) is { } fault)
            {
                exitCode = CheckExit.Failure;
                errorOutput.WriteLine($"{path} FAILED: {fault}");
            }
            else
            {
                errorOutput.WriteLine($"{path} SUCCESS");
            }
        }
        return exitCode;
    }

    private static string? Fault(string path)
    {
        var (config, report) = WebConfigFile.Read(path);
        if (report.HasErrors)
        {
            return report.Unreadable ?? string.Join('\n', report.Problems.Where(static problem => problem.Severity == ConfigSeverity.Error)
                .Select(static problem => $"{(problem.Path.Length > 0 ? $"{problem.Path}: " : "")}{problem.Message}"
                    + (problem.Line > 0 ? $" (line {problem.Line}, column {problem.Column})" : "")));
        }
        try
        {
            if (config?.Tls is { } tls)
            {
                ServerCertificate.Check(tls, path);
            }
            return null;
        }
        catch (ServerStartException e)
        {
            return e.Message;
        }
    }
}
