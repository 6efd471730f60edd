namespace Pharos.Storage.Traces.Dependencies;

/// <summary>How often one service called another.</summary>
/// <param name="Parent">The service of the span that is the parent.</param>
/// <param name="Child">The service of its child; never the parent itself.</param>
public sealed record ServiceDependency(string Parent, string Child, long CallCount);
