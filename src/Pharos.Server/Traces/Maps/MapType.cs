namespace Pharos.Server.Traces.Maps;

/// <summary>What the nodes of a map are.</summary>
internal enum MapType
{
    App,
    VersionedApp,
    Workload,
    Service,
}
