namespace Pharos.Conformance.Tests.Api;

/// <summary>Where the answers of Prometheus 2.42, which is what is installed, and of Pharos, which follows 3.14, differ by
/// intent.</summary>
internal static class KnownApiDifferences
{
    private static readonly (string Name, string Reason, Func<ApiQuestion, ApiAnswer, ApiAnswer, bool> Applies)[] All =
    [
    ];

    public static IEnumerable<string> Names => All.Select(static difference => difference.Name);

    public static string? Find(ApiQuestion question, ApiAnswer theirs, ApiAnswer ours) =>
        All.Where(difference => difference.Applies(question, theirs, ours)).Select(difference => difference.Name).FirstOrDefault();
}
