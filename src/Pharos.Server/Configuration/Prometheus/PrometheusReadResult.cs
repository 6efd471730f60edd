namespace Pharos.Server.Configuration.Prometheus;

/// <summary>What reading <c>prometheus.yml</c> gave.</summary>
/// <param name="Config">Null where any of the files holds an error.</param>
/// <param name="Files">The file itself, and the files of <c>scrape_config_files</c>.</param>
internal sealed record PrometheusReadResult(PrometheusConfig? Config, IReadOnlyList<ConfigFileReport> Files);
