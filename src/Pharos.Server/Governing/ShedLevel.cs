namespace Pharos.Server.Governing;

/// <summary>What is refused under pressure; each level refuses all of those before it, too. Samples of known series are never.</summary>
internal enum ShedLevel
{
    Nothing,
    ExpensiveQueries,
    RuleEvaluations,
    NewSeries,
}
