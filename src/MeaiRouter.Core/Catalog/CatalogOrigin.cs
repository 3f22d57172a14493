namespace MeaiRouter.Catalog;

/// <summary>How near to the user a part of the catalogue was written. The greater value wins where two parts disagree.</summary>
public enum CatalogOrigin
{
    /// <summary>Shipped with the library.</summary>
    BuiltIn = 0,

    /// <summary>Read from a file or a list that somebody else keeps.</summary>
    Import = 1,

    /// <summary>The application's configuration.</summary>
    Configuration = 2,

    /// <summary>The application's code.</summary>
    Code = 3,
}
