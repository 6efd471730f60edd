namespace Pharos.Server.Configuration;

/// <summary>What sort of finding a problem is.</summary>
public enum ConfigProblemKind
{
    /// <summary>The file says something that cannot be meant.</summary>
    Wrong,

    /// <summary>The peer honours it, Pharos accepts it and does not act on it yet.</summary>
    NotHonoured,

    /// <summary>Pharos honours it, the peer would reject it.</summary>
    Extension,
}
