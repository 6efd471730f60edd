namespace Pharos.Server.Tests;

/// <summary>Tests that weigh the heap of the whole process: they run when no others do, whose objects they would weigh, too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeHeap
{
    public const string Name = "whole heap";
}
