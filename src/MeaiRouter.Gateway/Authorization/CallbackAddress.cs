using MeaiRouter.Gateway.Errors;

namespace MeaiRouter.Gateway.Authorization;

/// <summary>Where an application waits for its code.</summary>
internal static class CallbackAddress
{
    /// <summary>The address; <see langword="null"/> where the application has none, and its user carries the code over.</summary>
    /// <exception cref="GatewayException">A code must not be sent there.</exception>
    public static Uri? Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;

        var isSafe = Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            && address.UserInfo.Length == 0 && address.Fragment.Length == 0;
        return isSafe
            ? address
            : throw GatewayException.Invalid("'callback_url' must be an https address, or http on this machine such as http://localhost:3000/callback, without a fragment.");
    }

    /// <summary>The address with the code in its query.</summary>
    public static string With(Uri address, string code) =>
        new UriBuilder(address) { Query = $"{(address.Query.Length > 1 ? address.Query[1..] + "&" : "")}code={code}" }.Uri.AbsoluteUri;
}
