namespace MeaiRouter.Gateway.Authentication;

/// <summary>Which keys a path is for. OpenRouter: management keys cannot do inference, and others cannot manage.</summary>
internal enum Access
{
    Inference,
    Management,
    Either,

    /// <summary>Nobody is asked who he is.</summary>
    Anyone,
}
