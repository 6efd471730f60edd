namespace ProgressiveFramework.Agents;

/// <summary>What one agent tells another without waiting for an answer.</summary>
/// <param name="Headers">The trace that it belongs to.</param>
internal sealed record AgentNote(string Text, Dictionary<string, string> Headers);
