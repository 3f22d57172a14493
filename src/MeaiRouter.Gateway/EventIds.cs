namespace MeaiRouter.Gateway;

/// <summary>The ids of what this package logs: 3000 to 3999. An id means one thing in the whole house, and is never used for another.</summary>
internal static class EventIds
{
    public const int RequestFailed = 3001;
    public const int GatewayFailed = 3002;

    public const int NoKeys = 3011;
    public const int OpenToAll = 3012;
    public const int Unencrypted = 3013;
    public const int NoManagementKey = 3014;
    public const int MetricsOpen = 3015;

    public const int KeyChanged = 3021;
    public const int KeyInMemory = 3022;
    public const int KeysUnreadable = 3023;
    public const int KeysReadable = 3024;
    public const int ProviderKeyChanged = 3025;
    public const int ProviderKeyUnreadable = 3026;

    public const int Called = 3031;

    public const int Exporting = 3041;
}
