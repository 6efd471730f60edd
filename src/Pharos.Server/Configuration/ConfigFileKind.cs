namespace Pharos.Server.Configuration;

/// <summary>What a user's file was taken for.</summary>
public enum ConfigFileKind
{
    Unknown,
    Prometheus,
    ScrapeConfigs,
    Rules,
    RuleTests,
    Alertmanager,
    Loki,
    Promtail,
    Dashboard,
    ServiceLevelObjectives,
    Runbook,
    TargetFile,
    Template,
    Web,
}
