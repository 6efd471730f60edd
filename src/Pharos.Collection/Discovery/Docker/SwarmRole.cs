namespace Pharos.Collection.Discovery.Docker;

/// <summary>What of a swarm becomes targets.</summary>
public enum SwarmRole
{
    Services,
    Tasks,
    Nodes,
}
