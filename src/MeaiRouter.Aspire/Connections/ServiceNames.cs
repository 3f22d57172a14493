using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Aspire.Connections;

/// <summary>Turns the names that an app host gives to services into addresses, by what it put into the configuration.</summary>
/// <remarks>
/// A reference to a project or a container arrives as <c>services:{name}:{scheme}:{index}</c>. The first address counts; <c>https+http</c> prefers the
/// former. A host that is no such name is left as it is.
/// </remarks>
internal static class ServiceNames
{
    /// <summary>The address with the service's own host and port; <see langword="null"/> if it is not one of http or https in the end.</summary>
    public static Uri? Resolve(string endpoint, IConfiguration configuration)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address))
            return null;

        var schemes = address.Scheme.Split('+');
        foreach (var scheme in schemes)
        {
            if (Uri.TryCreate(configuration[$"services:{address.Host}:{scheme}:0"], UriKind.Absolute, out var service) && IsHttp(service))
                return new UriBuilder(address) { Scheme = service.Scheme, Host = service.Host, Port = service.Port }.Uri;
        }

        return schemes.Length == 1 && IsHttp(address) ? address : null;
    }

    private static bool IsHttp(Uri address) => address.Scheme is "http" or "https";
}
