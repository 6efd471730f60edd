namespace Pharos.Alerting.Rules;

/// <summary>A rule whose result cannot be used as a whole: too many elements, or two that would be one.</summary>
internal sealed class RuleFailedException(string message) : Exception(message);
