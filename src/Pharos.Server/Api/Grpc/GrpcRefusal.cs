namespace Pharos.Server.Api.Grpc;

/// <summary>A call that cannot be answered.</summary>
internal sealed class GrpcRefusal(GrpcCode code, string message) : Exception(message)
{
    public GrpcCode Code => code;
}
