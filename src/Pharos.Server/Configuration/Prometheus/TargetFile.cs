using Pharos.Collection.Discovery;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads the target files of file discovery, YAML or JSON (which YAML contains).</summary>
internal static class TargetFile
{
    /// <summary>Is a <see cref="TargetFileReader"/>.</summary>
    public static TargetFileResult Read(string path)
    {
        var (groups, report) = ReadWithReport(path);
        var error = report.Unreadable is { } reason ? $"{path}: {reason}"
            : report.Problems.FirstOrDefault(problem => problem.Severity == ConfigSeverity.Error)?.ToString();
        return error is null ? TargetFileResult.Read(groups) : TargetFileResult.Failed(error);
    }

    public static (IReadOnlyList<TargetGroup> Groups, ConfigFileReport Report) ReadWithReport(string path)
    {
        if (!ConfigText.TryRead(path, out var text, out var error))
        {
            return ([], new ConfigFileReport { File = path, Kind = ConfigFileKind.TargetFile, Unreadable = error });
        }
        var reading = new ConfigReading(path, text);
        IReadOnlyList<TargetGroup> groups = [];
        if (YamlTreeBuilder.Build(reading) is { } root && YamlValue.Root(reading, root) is { IsNull: false } list)
        {
            // Prometheus names the groups of a file "path:index".
            groups = TargetGroupSection.ReadList(list, $"{path}:", checkAddresses: false);
        }
        return (groups, ConfigFileReport.Of(reading, ConfigFileKind.TargetFile));
    }
}
