namespace Pharos.Collection.Receivers.Traces.Graphs;

/// <summary>What an edge of the service graph is; the label is as Tempo writes it.</summary>
internal enum ConnectionType : byte
{
    Request,
    MessagingSystem,
    Database,

    /// <summary>One end sent no span.</summary>
    VirtualNode,
}
