namespace Pharos.Server.Api.Alertmanager;

/// <summary>A request's body or parameter is not what Alertmanager's schema says.</summary>
internal sealed class SchemaException(int code, string message) : Exception(message)
{
    /// <summary>As <see cref="AlertmanagerReply.RefuseSchemaAsync"/> takes it.</summary>
    public int Code { get; } = code;

    /// <summary>The schema allows it, but not what it means: answered with 400 and the message alone.</summary>
    public bool IsRefusal { get; init; }
}
