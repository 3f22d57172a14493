namespace MeaiRouter.Logging;

/// <summary>The ids of what this package logs: 1000 to 1999. An id means one thing in the whole house, and is never used for another.</summary>
internal static class EventIds
{
    public const int FailedOver = 1001;
    public const int Hedged = 1002;
    public const int Continued = 1003;
    public const int StreamBroke = 1004;

    public const int EndpointRests = 1011;
    public const int EndpointReturned = 1012;
    public const int KeyRefused = 1013;
    public const int KeyAccepted = 1014;

    public const int BudgetRefused = 1021;
    public const int BudgetReached = 1022;

    public const int CatalogChanged = 1031;

    public const int ConfigurationTakenOver = 1041;
    public const int ConfigurationNeedsRestart = 1042;
    public const int ConfigurationRefused = 1043;
    public const int ClientNotDisposed = 1044;
}
