using System.Security.Cryptography;
using System.Text;

namespace Pharos.Server.Traces.Maps;

/// <summary>Who calls whom, how often, and with what outcome: Kiali's graph.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ServiceMap(MapType type)
{
    /// <summary>Beyond so many a map can neither be drawn nor looked at; what is more is left out, and said.</summary>
    public const int MaxEdges = 20_000;

    private readonly Dictionary<string, MapNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Source, string Target, string Protocol), MapEdge> _edges = [];

    /// <summary>A service's map is a workload's first, with a node for each service between the workloads.</summary>
    private readonly MapType _built = type == MapType.Service ? MapType.Workload : type;

    public MapType Type { get; } = type;

    public IReadOnlyCollection<MapNode> Nodes => _nodes.Values;

    public IReadOnlyCollection<MapEdge> Edges => _edges.Values;

    /// <summary>What tells of the edges that are added now.</summary>
    public string Origin { get; set; } = "istio";

    public bool IsTruncated { get; private set; }

    public static string IdOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <param name="throughService">Puts the service that was asked for between the two, where the target is not that itself.</param>
    public void Add(in MapParty source, in MapParty target, in MapTraffic traffic, bool throughService = false)
    {
        if (traffic.Rate <= 0)
        {
            return;
        }
        var service = target with { WorkloadNamespace = "", Workload = "", App = "", Version = "" };
        if (!(throughService || Type == MapType.Service) || !MapParty.IsKnown(target.Service) || IsEgress(target.Service)
            || target.Identity(_built).Type == MapNode.ServiceType)
        {
            Add(NodeOf(source), NodeOf(target), target, traffic);
            return;
        }
        var between = NodeOf(service);
        between.IsInjected = true;
        Add(NodeOf(source), between, target, traffic);
        Add(between, NodeOf(target), target, traffic);
    }

    /// <summary>The service of a name in a namespace, or the only one of that name in any.</summary>
    public MapNode? ServiceOf(string name, string space)
    {
        var found = _nodes.Values.Where(node => node.Type == MapNode.ServiceType && node.Service == name).Take(2).ToArray();
        return found.FirstOrDefault(node => node.Namespace == space) ?? (found.Length == 1 ? found[0] : null);
    }

    public MapEdge EdgeOf(MapNode source, MapNode target, string protocol)
    {
        var key = (source.Id, target.Id, protocol);
        if (!_edges.TryGetValue(key, out var edge))
        {
            _edges[key] = edge = new MapEdge(source, target, protocol) { Origin = Origin };
            source.Edges.Add(edge);
            target.IsCalled = true;
        }
        return edge;
    }

    public MapNode NodeOf(in MapParty party)
    {
        var (key, nodeType) = party.Identity(_built);
        var id = IdOf(key);
        if (_nodes.TryGetValue(id, out var known))
        {
            return known;
        }
        var isApp = nodeType == MapNode.AppType;
        var isService = nodeType == MapNode.ServiceType;
        var isWhole = !isService && !(isApp && Type == MapType.App);
        var isWorkload = nodeType == MapNode.WorkloadType;
        return _nodes[id] = new MapNode(id, nodeType)
        {
            Cluster = party.Cluster,
            Namespace = party.Namespace,
            Workload = isWhole ? party.Workload : "",
            App = isService || (isWorkload && party.App == MapParty.Unknown) ? "" : party.App,
            Version = !isWhole || (isWorkload && party.Version == MapParty.Unknown) ? "" : party.Version,
            Service = isService ? (party.Service.Length > 0 ? party.Service : MapParty.Unknown) : "",
        };
    }

    /// <summary>Leaves services only, and callers that nobody calls: what a service's workloads call, it calls.</summary>
    public void ReduceToServices()
    {
        var reduced = new ServiceMap(MapType.Workload);
        var servicesOf = _edges.Values.Where(static edge => edge.Source.Type == MapNode.ServiceType)
            .GroupBy(static edge => edge.Target)
            .ToDictionary(static group => group.Key, static group => group.Select(edge => edge.Source).Distinct().ToArray());
        foreach (var edge in _edges.Values.Where(static edge => edge.Target.Type == MapNode.ServiceType))
        {
            foreach (var source in servicesOf.GetValueOrDefault(edge.Source, [edge.Source]))
            {
                reduced.Merge(edge, source);
            }
        }
        _nodes.Clear();
        _edges.Clear();
        foreach (var node in reduced._nodes.Values)
        {
            _nodes.Add(node.Id, node);
        }
        foreach (var (key, edge) in reduced._edges)
        {
            _edges.Add(key, edge);
        }
    }

    /// <summary>Marks what lies outside of the namespaces that were asked for; none asks for all.</summary>
    public void MarkOutside(IReadOnlyCollection<string> namespaces)
    {
        foreach (var node in _nodes.Values)
        {
            node.IsInaccessible = node.Type == MapNode.UnknownType || (node.Type == MapNode.ServiceType
                && (node.Namespace == MapParty.Unknown || IsEgress(node.Service)));
            node.IsOutside = !node.IsInaccessible && namespaces.Count > 0 && node.Namespace != MapParty.Unknown && !namespaces.Contains(node.Namespace);
        }
    }

    /// <summary>Puts nodes that belong together into boxes.</summary>
    /// <param name="by"><c>app</c>, <c>namespace</c> or <c>cluster</c>.</param>
    public void Box(string by)
    {
        var groups = _nodes.Values.Where(node => node.Parent.Length == 0 && by switch
        {
            "app" => MapParty.IsKnown(node.App) && node.Type != MapNode.BoxType,
            "namespace" => node.Namespace is not (MapParty.Unknown or ""),
            _ => node.Cluster is not (MapParty.Unknown or ""),
        }).GroupBy(node => by switch
        {
            "app" => $"box_{node.Cluster}_{node.Namespace}_{node.App}",
            "namespace" => $"box_{node.Cluster}_{node.Namespace}",
            _ => $"box_{node.Cluster}",
        }, StringComparer.Ordinal).ToArray();
        if (by != "app" && groups.Length < 2)
        {
            return;
        }
        foreach (var group in groups.Where(static group => group.Count() > 1))
        {
            var first = group.First();
            var box = new MapNode(IdOf(group.Key), MapNode.BoxType)
            {
                Cluster = first.Cluster, Namespace = by == "cluster" ? "" : first.Namespace, App = by == "app" ? first.App : "", IsBox = by,
                IsCalled = true,
            };
            foreach (var member in group)
            {
                member.Parent = box.Id;
                box.IsOutside |= by == "app" && member.IsOutside;
                box.IsInaccessible |= by == "app" && member.IsInaccessible;
            }
            _nodes[box.Id] = box;
        }
    }

    /// <summary>Istio's names for whatever it does not know as a service.</summary>
    private static bool IsEgress(string service) => service is "PassthroughCluster" or "BlackHoleCluster";

    private void Add(MapNode source, MapNode target, in MapParty requested, in MapTraffic traffic)
    {
        if (_edges.Count >= MaxEdges && !_edges.ContainsKey((source.Id, target.Id, traffic.Protocol)))
        {
            IsTruncated = true;
            return;
        }
        if (MapParty.IsKnown(requested.Service))
        {
            target.Requested.Add((requested.Cluster, requested.ServiceNamespace, requested.Service));
        }
        var edge = EdgeOf(source, target, traffic.Protocol);
        Increase(source.Rates, traffic.Protocol + "Out", traffic.Rate);
        Increase(target.Rates, traffic.Protocol + "In", traffic.Rate);
        Increase(edge.Rates, traffic.Protocol, traffic.Rate);
        if (traffic.Detail.Length > 0)
        {
            Increase(target.Rates, $"{traffic.Protocol}In{traffic.Detail}", traffic.Rate);
            Increase(edge.Rates, traffic.Protocol + traffic.Detail, traffic.Rate);
        }
        var code = traffic.Code.Length > 0 ? traffic.Code : MapTraffic.NoResponse;
        if (!edge.Responses.TryGetValue(code, out var responses))
        {
            edge.Responses[code] = responses = new MapResponses();
        }
        if (traffic.Flags.Length > 0)
        {
            Increase(responses.Flags, traffic.Flags, traffic.Rate);
        }
        if (traffic.Host.Length > 0)
        {
            Increase(responses.Hosts, traffic.Host, traffic.Rate);
        }
    }

    /// <summary>Takes an edge of another map over, as that of another source.</summary>
    private void Merge(MapEdge edge, MapNode source)
    {
        var from = Taken(source);
        var to = Taken(edge.Target);
        var merged = EdgeOf(from, to, edge.Protocol);
        foreach (var (name, rate) in edge.Rates)
        {
            Increase(merged.Rates, name, rate);
        }
        foreach (var (code, responses) in edge.Responses)
        {
            if (!merged.Responses.TryGetValue(code, out var known))
            {
                merged.Responses[code] = known = new MapResponses();
            }
            foreach (var (flags, rate) in responses.Flags)
            {
                Increase(known.Flags, flags, rate);
            }
            foreach (var (host, rate) in responses.Hosts)
            {
                Increase(known.Hosts, host, rate);
            }
        }
        Increase(from.Rates, edge.Protocol + "Out", edge.Total);
        foreach (var (name, rate) in edge.Rates)
        {
            Increase(to.Rates, $"{edge.Protocol}In{name[edge.Protocol.Length..]}", rate);
        }
    }

    private MapNode Taken(MapNode node)
    {
        if (!_nodes.TryGetValue(node.Id, out var taken))
        {
            _nodes[node.Id] = taken = new MapNode(node.Id, node.Type)
            {
                Cluster = node.Cluster, Namespace = node.Namespace, Workload = node.Workload, App = node.App, Version = node.Version,
                Service = node.Service, IsInjected = node.IsInjected, Kind = node.Kind,
            };
            taken.Requested.UnionWith(node.Requested);
        }
        return taken;
    }

    private static void Increase(SortedDictionary<string, double> rates, string name, double by) =>
        rates[name] = rates.GetValueOrDefault(name) + by;
}
