namespace Pharos.Collection.Discovery;

/// <summary>A target file's groups, or why it cannot be used; exactly one of the two is set.</summary>
public sealed record TargetFileResult
{
    private TargetFileResult(IReadOnlyList<TargetGroup>? groups, string? error)
    {
        Groups = groups;
        Error = error;
    }

    public IReadOnlyList<TargetGroup>? Groups { get; }

    public string? Error { get; }

    public static TargetFileResult Read(IReadOnlyList<TargetGroup> groups) => new(groups, null);

    public static TargetFileResult Failed(string error) => new(null, error);
}
