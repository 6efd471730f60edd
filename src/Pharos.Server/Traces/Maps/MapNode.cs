namespace Pharos.Server.Traces.Maps;

/// <summary>A node of a <see cref="ServiceMap"/>.</summary>
internal sealed class MapNode(string id, string type)
{
    public const string UnknownType = "unknown";
    public const string ServiceType = "service";
    public const string WorkloadType = "workload";
    public const string AppType = "app";
    public const string BoxType = "box";

    public string Id { get; } = id;

    public string Type { get; } = type;

    public string Cluster { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Workload { get; init; } = "";

    public string App { get; init; } = "";

    public string Version { get; init; } = "";

    public string Service { get; init; } = "";

    /// <summary>Id of the box that it stands in; empty for none.</summary>
    public string Parent { get; set; } = "";

    /// <summary>What a box holds together; empty for what is none.</summary>
    public string IsBox { get; init; } = "";

    /// <summary>What traced services know of it: <c>database</c>, <c>user</c>, <c>virtual</c>; empty for a service.</summary>
    public string Kind { get; set; } = "";

    public SortedSet<(string Cluster, string Namespace, string Name)> Requested { get; } = [];

    /// <summary>Per second, by Kiali's names: <c>httpIn</c>, <c>httpOut</c>, ...</summary>
    public SortedDictionary<string, double> Rates { get; } = new(StringComparer.Ordinal);

    public List<MapEdge> Edges { get; } = [];

    public bool IsInjected { get; set; }

    /// <summary>Whether something calls it.</summary>
    public bool IsCalled { get; set; }

    public bool IsOutside { get; set; }

    public bool IsInaccessible { get; set; }
}
