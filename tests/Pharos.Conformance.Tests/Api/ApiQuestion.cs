namespace Pharos.Conformance.Tests.Api;

/// <summary>One request that both servers get.</summary>
/// <param name="Form">Of a POST; null for one without.</param>
internal sealed record ApiQuestion(string Method, string Path, string? Form = null)
{
    /// <summary>Sent as <c>Accept</c>.</summary>
    public string? Accept { get; init; }

    public override string ToString() => $"{Method} {Path}{(Form is null ? "" : $" [{Form}]")}{(Accept is null ? "" : $" Accept: {Accept}")}";

    public static ApiQuestion Get(string path) => new("GET", path);

    public static ApiQuestion Post(string path, string form) => new("POST", path, form);
}
