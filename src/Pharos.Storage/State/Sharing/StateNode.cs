namespace Pharos.Storage.State.Sharing;

/// <summary>One of the processes that share the state.</summary>
/// <param name="SinceSeen">How long ago it was heard of, by the clock of the database.</param>
public sealed record StateNode(string Name, string Address, TimeSpan SinceSeen);
