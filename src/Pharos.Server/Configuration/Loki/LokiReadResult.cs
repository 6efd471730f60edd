namespace Pharos.Server.Configuration.Loki;

/// <param name="Config">Null where the file has errors.</param>
internal sealed record LokiReadResult(LokiConfig? Config, ConfigFileReport Report);
