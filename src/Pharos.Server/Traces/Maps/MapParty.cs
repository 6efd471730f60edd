namespace Pharos.Server.Traces.Maps;

/// <summary>Who sends or takes a request, as Istio's labels say it; a name that is not known is empty or <see cref="Unknown"/>.</summary>
internal readonly record struct MapParty(
    string Cluster, string ServiceNamespace, string Service, string WorkloadNamespace, string Workload, string App, string Version)
{
    public const string Unknown = "unknown";

    public string Namespace => IsKnown(WorkloadNamespace) ? WorkloadNamespace : ServiceNamespace.Length > 0 ? ServiceNamespace : Unknown;

    public static bool IsKnown(string name) => name.Length > 0 && name != Unknown;

    /// <summary>The text that a node is known by, and its type: the rules, and so the ids, are Kiali's (graph/types.go).</summary>
    public (string Key, string Type) Identity(MapType map)
    {
        var space = Namespace;
        if (space == Unknown && Workload == Unknown && App == Unknown && Service.Length == 0)
        {
            return ($"{Cluster}_unknown_source", MapNode.UnknownType);
        }
        if (IsKnown(App) && map is MapType.App or MapType.VersionedApp)
        {
            return map == MapType.VersionedApp && IsKnown(Workload) ? ($"vapp_{Cluster}_{space}_{Workload}", MapNode.AppType)
                : map == MapType.VersionedApp && IsKnown(Version) ? ($"vapp_{Cluster}_{space}_{App}_{Version}", MapNode.AppType)
                : ($"app_{Cluster}_{space}_{App}", MapNode.AppType);
        }
        return IsKnown(Workload) ? ($"wl_{Cluster}_{space}_{Workload}", MapNode.WorkloadType)
            : ($"svc_{Cluster}_{space}_{(Service.Length > 0 ? Service : Unknown)}", MapNode.ServiceType);
    }
}
