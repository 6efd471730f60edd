using System.Threading.Channels;
using Pharos.Instrumentation.Tracing;
using ProgressiveFramework.DataStores;
using ProgressiveFramework.Logging;

namespace ProgressiveFramework.Agents;

/// <summary>Where MCA leaves an agent word of what was agreed: a queue, as a message broker would be between processes.</summary>
internal sealed class Mailbox(string agentType, string agentId, AgentTracer tracer, DataStoreClient stores, ServiceLog log)
{
    /// <summary>An agent that does not read loses the oldest notes.</summary>
    private const int MaxNotes = 256;

    private readonly Channel<AgentNote> _notes = Channel.CreateBounded<AgentNote>(
        new BoundedChannelOptions(MaxNotes) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>How such a message is described, on both of its ends.</summary>
    public static AgentCommunication Describe(string target, AgentNote note) => new(AgentProfile.Coordinator.Type, target, "plan_agreed")
    {
        Pattern = CommunicationPattern.Message,
        DataSize = note.Text.Length,
    };

    public void Put(AgentNote note) => _notes.Writer.TryWrite(note);

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var note in _notes.Reader.ReadAllAsync(stop))
            {
                using var scope = tracer.StartReceive(Describe(agentType, note), note.Headers);
                await stores.AskAsync(DataStore.Mongo, "update", "plans", """{"update": "plans", "updates": [{"q": {"_id": ?}, "u": ?}]}""", stop);
                log.Info("plan synchronised", ("agent_type", agentType), ("agent_id", agentId), ("coordination_event", "synchronised"));
            }
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }
    }
}
