using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Tests.Configuration;

/// <summary>Reads texts as if they were files.</summary>
internal static class ConfigFiles
{
    public static PrometheusReadResult Prometheus(string yaml, params (string Name, string Value)[] environment) =>
        PrometheusFile.ReadText("/etc/prometheus/prometheus.yml", yaml, new ConfigEnvironment(
            name => environment.FirstOrDefault(pair => pair.Name == name).Value, InsideCluster: false));

    public static YamlValue Yaml(string yaml)
    {
        var reading = new ConfigReading("test.yml", yaml);
        var root = YamlTreeBuilder.Build(reading);
        Assert.NotNull(root);
        return YamlValue.Root(reading, root);
    }

    public static string[] Lines(IEnumerable<ConfigProblem> problems) => [.. problems.Select(problem => problem.ToString())];
}
