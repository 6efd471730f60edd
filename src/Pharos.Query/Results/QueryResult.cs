namespace Pharos.Query.Results;

/// <summary>A query's answer with what its writer should know.</summary>
/// <param name="Warnings">Texts as the API carries them, without repetition.</param>
/// <param name="Infos">As <paramref name="Warnings"/>, less grave.</param>
public sealed record QueryResult(
    QueryValue Value, IReadOnlyList<string> Warnings, IReadOnlyList<string> Infos, QueryStatistics Statistics);
