namespace Pharos.Collection.Discovery.OvhCloud;

public enum OvhCloudService
{
    Vps,
    DedicatedServer,
}
