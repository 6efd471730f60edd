using System.Text.Json;

namespace Pharos.Collection.Discovery.OpenStack;

/// <summary>Writes a login as Keystone reads it (docs.openstack.org/api-ref/identity/v3, "Authentication and token management").</summary>
internal static class OpenStackLoginJson
{
    public static void Write(Utf8JsonWriter json, OpenStackLogin login)
    {
        var byCredential = login.ApplicationCredentialId.Length > 0 || login.ApplicationCredentialName.Length > 0;
        json.WriteStartObject("auth");
        json.WriteStartObject("identity");
        json.WriteStartArray("methods");
        json.WriteStringValue(byCredential ? "application_credential" : "password");
        json.WriteEndArray();
        if (byCredential)
        {
            WriteCredential(json, login);
        }
        else
        {
            json.WriteStartObject("password");
            WriteUser(json, login, withPassword: true);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        if (!byCredential)
        {
            WriteScope(json, login);
        }
        json.WriteEndObject();
    }

    private static void WriteCredential(Utf8JsonWriter json, OpenStackLogin login)
    {
        json.WriteStartObject("application_credential");
        if (login.ApplicationCredentialId.Length > 0)
        {
            json.WriteString("id", login.ApplicationCredentialId);
        }
        else
        {
            json.WriteString("name", login.ApplicationCredentialName);
            WriteUser(json, login, withPassword: false);
        }
        json.WriteString("secret", login.ApplicationCredentialSecret?.Reveal() ?? "");
        json.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter json, OpenStackLogin login, bool withPassword)
    {
        json.WriteStartObject("user");
        if (login.UserId.Length > 0)
        {
            json.WriteString("id", login.UserId);
        }
        else
        {
            json.WriteString("name", login.Username);
            WriteDomain(json, login);
        }
        if (withPassword)
        {
            json.WriteString("password", login.Password?.Reveal() ?? "");
        }
        json.WriteEndObject();
    }

    private static void WriteScope(Utf8JsonWriter json, OpenStackLogin login)
    {
        if (login.ProjectId.Length == 0 && login.ProjectName.Length == 0)
        {
            return;
        }
        json.WriteStartObject("scope");
        json.WriteStartObject("project");
        if (login.ProjectId.Length > 0)
        {
            json.WriteString("id", login.ProjectId);
        }
        else
        {
            json.WriteString("name", login.ProjectName);
            WriteDomain(json, login);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteDomain(Utf8JsonWriter json, OpenStackLogin login)
    {
        var byId = login.DomainId.Length > 0;
        if (byId || login.DomainName.Length > 0)
        {
            json.WriteStartObject("domain");
            json.WriteString(byId ? "id" : "name", byId ? login.DomainId : login.DomainName);
            json.WriteEndObject();
        }
    }
}
