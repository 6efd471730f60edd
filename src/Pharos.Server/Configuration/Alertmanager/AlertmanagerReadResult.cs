namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>What reading <c>alertmanager.yml</c> gave.</summary>
/// <param name="Config">Null where the file holds an error.</param>
internal sealed record AlertmanagerReadResult(AlertmanagerConfig? Config, ConfigFileReport Report);
