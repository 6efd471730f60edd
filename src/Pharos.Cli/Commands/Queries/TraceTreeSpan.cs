namespace Pharos.Cli.Commands.Queries;

/// <summary>A span as the tree shows it.</summary>
/// <param name="ParentId">Empty for none.</param>
/// <param name="Depth">0 for a root.</param>
internal sealed record TraceTreeSpan(
    string Id, string ParentId, string Name, string Service, long StartUs, long DurationUs, bool IsError, int Depth);
